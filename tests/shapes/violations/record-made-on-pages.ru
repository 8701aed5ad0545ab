# base: core

# breaks: equals
DELETE { ?x schema:subjectOf ?old }
WHERE { ?x a schema:Dataset ; schema:subjectOf ?old . FILTER (CONTAINS (STR (?old), "wikipathways")) }
