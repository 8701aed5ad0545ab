# base: void

# breaks: maxCount
INSERT { ?x dcterms:title "Another title" }
WHERE { ?x a void:Dataset }

# breaks: minLength
DELETE { ?x dcterms:title ?old }
INSERT { ?x dcterms:title "" }
WHERE { ?x a void:Dataset . ?x dcterms:title ?old }

# breaks: minCount
DELETE { ?x dcterms:title ?old }
WHERE { ?x a void:Dataset . ?x dcterms:title ?old }
