# base: core

# breaks: xone (keywords without the claim)
DELETE { ?x dcterms:conformsTo ?old }
WHERE { ?x a schema:Dataset . ?x dcterms:conformsTo ?old }

# breaks: xone (the claim without keywords)
# also: bioschemas-dataset-keywords
DELETE { ?x schema:keywords ?old }
WHERE { ?x a schema:Dataset . ?x schema:keywords ?old }
