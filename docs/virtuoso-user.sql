-- A user of Virtuoso who may load graphs, and nobody else but administrators. Change the password.
DB.DBA.USER_CREATE('loader', 'change-me');
GRANT SPARQL_UPDATE TO "loader";
DB.DBA.RDF_DEFAULT_USER_PERMS_SET('nobody', 1);
DB.DBA.RDF_DEFAULT_USER_PERMS_SET('loader', 7);
checkpoint;
