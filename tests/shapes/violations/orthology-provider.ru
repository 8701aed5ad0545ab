# base: linkset

# breaks: nodeKind
DELETE { ?x dcterms:source ?old }
INSERT { ?x dcterms:source "HGNC" }
WHERE { ?x a owl:Axiom ; dcterms:source ?old }

# breaks: minCount
DELETE { ?x dcterms:source ?old }
WHERE { ?x a owl:Axiom ; dcterms:source ?old }

# breaks: maxCount
INSERT { ?x dcterms:source <https://www.ncbi.nlm.nih.gov/gene/> }
WHERE { ?x a owl:Axiom }
