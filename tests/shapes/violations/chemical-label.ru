# base: core

# breaks: datatype
DELETE { ?x rdfs:label ?old ; schema:name ?old }
INSERT { ?x rdfs:label ?new ; schema:name ?new }
WHERE { ?x a schema:MolecularEntity ; schema:sameAs ?form ; rdfs:label ?old . BIND (STRLANG(?old, "en") AS ?new) }

# breaks: minLength
DELETE { ?x rdfs:label ?old ; schema:name ?old }
INSERT { ?x rdfs:label "" ; schema:name "" }
WHERE { ?x a schema:MolecularEntity ; schema:sameAs ?form ; rdfs:label ?old }
