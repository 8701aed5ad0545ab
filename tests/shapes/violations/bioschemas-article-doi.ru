# base: core

# breaks: qualifiedMinCount
DELETE { ?x schema:sameAs ?a ; pfocr:doiSource ?s ; dcterms:identifier ?doi }
WHERE { ?x a schema:ScholarlyArticle ; schema:sameAs ?a ; pfocr:doiSource ?s ; dcterms:identifier ?doi FILTER (STRSTARTS(?doi, "10.")) }
