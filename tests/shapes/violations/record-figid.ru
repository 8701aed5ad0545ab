# base: core

# breaks: maxCount
INSERT { ?x dcterms:identifier "PMC10034769__F9" }
WHERE { ?x a schema:Dataset }

# breaks: pattern
DELETE { ?x dcterms:identifier ?old ; schema:identifier ?old }
INSERT { ?x dcterms:identifier "PMC10034769__-F9" ; schema:identifier "PMC10034769__-F9" }
WHERE { ?x a schema:Dataset . ?x dcterms:identifier ?old }

# breaks: datatype
# also: record-own-figid
DELETE { ?x dcterms:identifier ?old }
INSERT { ?x dcterms:identifier ?new }
WHERE { ?x a schema:Dataset . ?x dcterms:identifier ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minCount
DELETE { ?x dcterms:identifier ?old }
WHERE { ?x a schema:Dataset . ?x dcterms:identifier ?old }
