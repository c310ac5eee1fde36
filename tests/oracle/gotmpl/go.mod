module tiphys.io/oracle/gotmpl

go 1.26
