# base: core

# breaks: xone (no source)
DELETE { ?x pfocr:doiSource ?old }
WHERE { ?x a schema:ScholarlyArticle . ?x pfocr:doiSource ?old }

# breaks: xone (no address)
# also: bioschemas-article-doi
DELETE { ?x schema:sameAs ?old }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:sameAs ?old FILTER (STRSTARTS(STR(?old), "https://doi.org/")) }

# breaks: xone (no text)
DELETE { ?x dcterms:identifier ?old }
WHERE { ?x a schema:ScholarlyArticle ; dcterms:identifier ?old FILTER (STRSTARTS(?old, "10.")) }

# breaks: xone (the text alone)
# also: bioschemas-article-doi
DELETE { ?x pfocr:doiSource ?s ; schema:sameAs ?a }
WHERE { ?x a schema:ScholarlyArticle ; pfocr:doiSource ?s ; schema:sameAs ?a }

# breaks: xone (the address alone)
DELETE { ?x pfocr:doiSource ?s ; dcterms:identifier ?t }
WHERE { ?x a schema:ScholarlyArticle ; pfocr:doiSource ?s ; dcterms:identifier ?t FILTER (STRSTARTS(?t, "10.")) }

# breaks: xone (the source alone)
# also: bioschemas-article-doi
DELETE { ?x schema:sameAs ?s ; dcterms:identifier ?t }
WHERE { ?x a schema:ScholarlyArticle ; schema:sameAs ?s ; dcterms:identifier ?t FILTER (STRSTARTS(?t, "10.")) }

# breaks: xone (two texts)
INSERT { ?x dcterms:identifier "10.1000/182" }
WHERE { ?x a schema:ScholarlyArticle }
