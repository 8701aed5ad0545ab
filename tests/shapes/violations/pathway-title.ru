# base: wp

# breaks: languageIn (no tag)
DELETE { ?x dc:title ?old }
INSERT { ?x dc:title "no tag" }
WHERE { ?x a wp:Pathway . ?x dc:title ?old }

# breaks: maxCount
INSERT { ?x dc:title "Another title"@en }
WHERE { ?x a wp:Pathway }

# breaks: languageIn
DELETE { ?x dc:title ?old }
INSERT { ?x dc:title "Signalweg"@de }
WHERE { ?x a wp:Pathway . ?x dc:title ?old }

# breaks: minCount
DELETE { ?x dc:title ?old }
WHERE { ?x a wp:Pathway . ?x dc:title ?old }
