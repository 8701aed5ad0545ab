# base: core

# breaks: minCount
DELETE { ?x schema:name ?old ; rdfs:label ?old }
WHERE { ?x a schema:MolecularEntity ; schema:name ?old }
