# base: core

# breaks: minCount
DELETE { ?record schema:mentions ?x }
WHERE { ?x a schema:ChemicalSubstance . ?record schema:mentions ?x }
