# base: linkset

# breaks: pattern (a form of other data sets)
INSERT { <https://identifiers.org/mesh/D012965> wp:bdbChEBI ?c }
WHERE { ?x wp:bdbChEBI ?c }
