# base: core

# breaks: minCount
DELETE { ?x prov:wasGeneratedBy ?old }
WHERE { ?x a schema:Dataset . ?x prov:wasGeneratedBy ?old }

# breaks: class
DELETE { ?x prov:wasGeneratedBy ?old }
INSERT { ?x prov:wasGeneratedBy <https://www.example.org/> }
WHERE { ?x a schema:Dataset . ?x prov:wasGeneratedBy ?old }
