# base: core

# breaks: qualifiedMaxCount
INSERT {
  ?x rdfs:seeAlso <https://www.ndexbio.org/viewer/networks/e93dea57-deb4-11ea-99da-0ac135e8bacb> .
  ?x schema:subjectOf <https://www.ndexbio.org/viewer/networks/e93dea57-deb4-11ea-99da-0ac135e8bacb>
}
WHERE { ?x a schema:Dataset }
