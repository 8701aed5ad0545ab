# base: void

# breaks: in (a text)
DELETE { ?x dcterms:license ?old }
INSERT { ?x dcterms:license "CC0" }
WHERE { ?x a void:Dataset . ?x dcterms:license ?old }

# breaks: minCount
DELETE { ?x dcterms:license ?old }
WHERE { ?x a void:Dataset . ?x dcterms:license ?old }
