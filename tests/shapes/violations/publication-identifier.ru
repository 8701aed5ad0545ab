# base: wp

# breaks: datatype
DELETE { ?x dcterms:identifier ?old }
INSERT { ?x dcterms:identifier ?new }
WHERE { ?x a wp:PublicationReference . ?x dcterms:identifier ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: qualifiedMinCount
DELETE { ?x dcterms:identifier ?old }
WHERE { ?x a wp:PublicationReference . ?x dcterms:identifier ?old }

# breaks: qualifiedMaxCount
INSERT { ?x dcterms:identifier "PMC1" }
WHERE { ?x a wp:PublicationReference }

# breaks: qualifiedMinCount (no number)
DELETE { ?x dcterms:identifier ?old }
INSERT { ?x dcterms:identifier "PMID:1" }
WHERE { ?x a wp:PublicationReference . ?x dcterms:identifier ?old }
