# base: core

# breaks: class
INSERT { ?x schema:about obo:NCBITaxon_1 }
WHERE { ?x a schema:Dataset }
