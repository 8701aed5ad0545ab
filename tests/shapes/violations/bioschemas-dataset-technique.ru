# base: core

# breaks: minCount
DELETE { ?x schema:measurementTechnique ?old }
WHERE { ?x a schema:Dataset . ?x schema:measurementTechnique ?old }
