# base: core

# breaks: minCount
DELETE { ?x schema:url ?old }
WHERE { ?x a schema:MolecularEntity . ?x schema:url ?old }
