# base: void

# breaks: minCount
DELETE { ?x void:linkPredicate ?old }
WHERE { ?x a void:Linkset . ?x void:linkPredicate ?old }

# breaks: in
DELETE { ?x void:linkPredicate ?old }
INSERT { ?x void:linkPredicate owl:sameAs }
WHERE { ?x a void:Linkset . ?x void:linkPredicate ?old }
