package server

var IDOf = idOf
