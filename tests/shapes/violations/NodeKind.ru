# base: wp

# breaks: xone (neither)
DELETE { ?x a wp:GeneProduct }
WHERE { ?x a wp:DataNode ; dcterms:identifier "9817" }

# breaks: xone (no metabolite)
DELETE { ?x a wp:Metabolite }
WHERE { ?x a wp:Metabolite }
