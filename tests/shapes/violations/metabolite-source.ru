# base: wp

# breaks: minCount
DELETE { ?x dc:source ?old }
WHERE { ?x a wp:Metabolite . ?x dc:source ?old }

# breaks: maxCount
INSERT { ?x dc:source "MeSH" }
WHERE { ?x a wp:Metabolite ; dc:source "ChEBI" }

# breaks: in
DELETE { ?x dc:source ?old }
INSERT { ?x dc:source "PubChem" }
WHERE { ?x a wp:Metabolite . ?x dc:source ?old }
