# base: core

# breaks: nodeKind
DELETE { ?x schema:url ?old . ?d schema:contentUrl ?old }
INSERT { ?x schema:url ?new . ?d schema:contentUrl ?new }
WHERE { ?x a schema:Dataset ; schema:url ?old ; schema:distribution ?d . BIND (STR(?old) AS ?new) }

# breaks: maxCount
INSERT { ?x schema:url <PMC10034769__F9.html> . ?d schema:contentUrl <PMC10034769__F9.html> }
WHERE { ?x a schema:Dataset ; schema:distribution ?d }

# breaks: pattern
DELETE { ?x schema:url ?old . ?d schema:contentUrl ?old }
INSERT { ?x schema:url <F9> . ?d schema:contentUrl <F9> }
WHERE { ?x a schema:Dataset ; schema:url ?old ; schema:distribution ?d }
