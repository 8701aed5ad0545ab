# base: core

# breaks: minCount
DELETE { ?x schema:identifier ?old }
WHERE { ?x a schema:ChemicalSubstance ; schema:identifier ?old }
