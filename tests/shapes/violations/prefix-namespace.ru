# base: void

# breaks: datatype
DELETE { ?x sh:namespace ?old }
INSERT { ?x sh:namespace "http://purl.org/pav/" }
WHERE { ?x a sh:PrefixDeclaration ; sh:namespace ?n FILTER (STR(?n) = "http://purl.org/pav/") . ?x sh:namespace ?old }

# breaks: maxCount
INSERT { ?x sh:namespace "http://purl.org/other/"^^xsd:anyURI }
WHERE { ?x a sh:PrefixDeclaration ; sh:namespace ?n FILTER (STR(?n) = "http://purl.org/pav/") }

# breaks: pattern
DELETE { ?x sh:namespace ?old }
INSERT { ?x sh:namespace "purl.org/pav/"^^xsd:anyURI }
WHERE { ?x a sh:PrefixDeclaration ; sh:namespace ?n FILTER (STR(?n) = "http://purl.org/pav/") . ?x sh:namespace ?old }

# breaks: minCount
DELETE { ?x sh:namespace ?old }
WHERE { ?x a sh:PrefixDeclaration ; sh:namespace ?n FILTER (STR(?n) = "http://purl.org/pav/") . ?x sh:namespace ?old }
