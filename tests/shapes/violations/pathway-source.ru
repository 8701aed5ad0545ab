# base: wp

# breaks: maxCount
INSERT { ?x dc:source "WikiPathways" }
WHERE { ?x a wp:Pathway }

# breaks: hasValue
DELETE { ?x dc:source ?old }
INSERT { ?x dc:source "WikiPathways" }
WHERE { ?x a wp:Pathway . ?x dc:source ?old }
