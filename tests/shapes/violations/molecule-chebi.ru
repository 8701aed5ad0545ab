# base: core

# breaks: qualifiedMinCount
DELETE { ?x schema:identifier ?old }
WHERE { ?x a schema:MolecularEntity ; schema:sameAs ?form ; schema:identifier ?old FILTER (STRSTARTS(?old, "CHEBI:")) }
