# base: void

# breaks: maxCount
INSERT { ?x sh:prefix "pav2" }
WHERE { ?x a sh:PrefixDeclaration ; sh:namespace ?n FILTER (STR(?n) = "http://purl.org/pav/") }

# breaks: pattern
DELETE { ?x sh:prefix ?old }
INSERT { ?x sh:prefix "pav:" }
WHERE { ?x a sh:PrefixDeclaration ; sh:namespace ?n FILTER (STR(?n) = "http://purl.org/pav/") . ?x sh:prefix ?old }

# breaks: datatype
DELETE { ?x sh:prefix ?old }
INSERT { ?x sh:prefix ?new }
WHERE { ?x a sh:PrefixDeclaration ; sh:namespace ?n FILTER (STR(?n) = "http://purl.org/pav/") . ?x sh:prefix ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minCount
DELETE { ?x sh:prefix ?old }
WHERE { ?x a sh:PrefixDeclaration ; sh:namespace ?n FILTER (STR(?n) = "http://purl.org/pav/") . ?x sh:prefix ?old }
