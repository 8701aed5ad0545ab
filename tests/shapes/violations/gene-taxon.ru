# base: core

# breaks: maxCount
INSERT { ?x schema:taxonomicRange ?other }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" . ?other a schema:Taxon }

# breaks: class
DELETE { ?x schema:taxonomicRange ?old }
INSERT { ?x schema:taxonomicRange obo:NCBITaxon_1 }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" . ?x schema:taxonomicRange ?old }
