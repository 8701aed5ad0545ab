# base: core

# breaks: datatype
DELETE { ?x rdfs:label ?old }
INSERT { ?x rdfs:label ?new }
WHERE { ?x a pfocr:Prediction ; rdfs:label ?old . BIND (STRLANG (STR (?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x rdfs:label ?old }
INSERT { ?x rdfs:label "" }
WHERE { ?x a pfocr:Prediction ; rdfs:label ?old }

# breaks: maxCount
INSERT { ?x rdfs:label "something else" }
WHERE { ?x a pfocr:Prediction }

# breaks: minCount
DELETE { ?x rdfs:label ?old }
WHERE { ?x a pfocr:Prediction ; rdfs:label ?old }
