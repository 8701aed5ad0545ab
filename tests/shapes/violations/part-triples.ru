# base: void

# breaks: datatype
DELETE { ?x void:triples ?old }
INSERT { ?x void:triples 7.0 }
WHERE { ?x a void:Dataset . ?x void:triples ?old }

# breaks: maxCount
INSERT { ?x void:triples 77 }
WHERE { ?x a void:Dataset }

# breaks: minInclusive
DELETE { ?x void:triples ?old }
INSERT { ?x void:triples 0 }
WHERE { ?x a void:Dataset . ?x void:triples ?old }
