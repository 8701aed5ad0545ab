# base: void

# breaks: minCount
DELETE { ?x dcterms:description ?old }
WHERE { ?x a void:Dataset . ?x dcterms:description ?old }

# breaks: languageIn (no tag)
DELETE { ?x dcterms:description ?old }
INSERT { ?x dcterms:description "no tag" }
WHERE { ?x a void:Dataset . ?x dcterms:description ?old }

# breaks: languageIn
DELETE { ?x dcterms:description ?old }
INSERT { ?x dcterms:description "Wegweiserbilder"@de }
WHERE { ?x a void:Dataset . ?x dcterms:description ?old }

# breaks: uniqueLang
INSERT { ?x dcterms:description "Another one"@en }
WHERE { ?x a void:Dataset }
