# base: wp

# breaks: maxCount
INSERT { ?x dc:source "PubMed" }
WHERE { ?x a wp:PublicationReference }

# breaks: hasValue
DELETE { ?x dc:source ?old }
INSERT { ?x dc:source "PubMed" }
WHERE { ?x a wp:PublicationReference . ?x dc:source ?old }
