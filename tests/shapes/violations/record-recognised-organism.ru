# base: core

# breaks: datatype
DELETE { ?x pfocr:recognisedOrganismName ?old }
INSERT { ?x pfocr:recognisedOrganismName ?new }
WHERE { ?x a schema:Dataset . ?x pfocr:recognisedOrganismName ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x pfocr:recognisedOrganismName ?old }
INSERT { ?x pfocr:recognisedOrganismName "" }
WHERE { ?x a schema:Dataset . ?x pfocr:recognisedOrganismName ?old }
