# base: wp

# breaks: minCount
DELETE { ?x dc:source ?old }
WHERE { ?x a wp:PublicationReference . ?x dc:source ?old }

# breaks: maxCount
INSERT { ?x dc:source "PMC" }
WHERE { ?x a wp:PublicationReference }

# breaks: in
DELETE { ?x dc:source ?old }
INSERT { ?x dc:source "Medline" }
WHERE { ?x a wp:PublicationReference . ?x dc:source ?old }
