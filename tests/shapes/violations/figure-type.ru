# base: core

# breaks: hasValue (foaf:Image)
DELETE { ?x a foaf:Image }
WHERE { ?x a schema:ImageObject }

# breaks: hasValue (obo:IAO_0000308)
DELETE { ?x a obo:IAO_0000308 }
WHERE { ?x a schema:ImageObject }

# breaks: in
INSERT { ?x a schema:Person }
WHERE { ?x a schema:ImageObject }
