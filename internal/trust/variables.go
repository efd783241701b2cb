package trust

// Variable is one of the environment.
type Variable struct {
	Name, Value string
	// For says which programs heed it.
	For string
}

// Variables point programs of each kind to the files.
func (f Files) Variables() []Variable {
	return []Variable{
		{"SSL_CERT_FILE", f.Bundle, "Go, and what uses OpenSSL (Ruby, .NET, Python's ssl and httpx)"},
		{"REQUESTS_CA_BUNDLE", f.Bundle, "Python over REST"},
		{"GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", f.Bundle, "gRPC in Python, Node, Ruby, PHP, C++"},
		{"NODE_EXTRA_CA_CERTS", f.Bundle, "Node over REST"},
		{"CURL_CA_BUNDLE", f.Bundle, "curl"},
		{"JAVA_TOOL_OPTIONS", f.JavaOptions(), "Java"},
	}
}

// JavaOptions are those of Java's virtual machine.
func (f Files) JavaOptions() string {
	return "-Djavax.net.ssl.trustStore=" + f.Store + " -Djavax.net.ssl.trustStoreType=PKCS12 -Djavax.net.ssl.trustStorePassword=" + storePassword
}
