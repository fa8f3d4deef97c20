module butter

go 1.24
