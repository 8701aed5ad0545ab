# base: core

# breaks: equals
DELETE { ?d schema:contentUrl ?old }
INSERT { ?d schema:contentUrl <PMC10034769__F9.html> }
WHERE { ?d a schema:DataDownload ; schema:contentUrl ?old }
