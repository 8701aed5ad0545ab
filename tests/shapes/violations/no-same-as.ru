# base: linkset

# breaks: maxCount
INSERT { ?x owl:sameAs ?m }
WHERE { ?x skos:exactMatch ?m FILTER (STRSTARTS(STR(?x), "https://identifiers.org/ncbigene/")) }
