# base: wp

# breaks: closed
INSERT { ?x dcterms:creator "someone" }
WHERE { ?x a wp:Pathway }
