package command

import (
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/lectern/lectern/internal/proxy"
)

// trustedAlready are the files that the environment has programs trust already.
func trustedAlready(getenv func(string) string) []string {
	var files []string
	for _, name := range []string{"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", "NODE_EXTRA_CA_CERTS"} {
		if file := getenv(name); file != "" && !slices.Contains(files, file) {
			files = append(files, file)
		}
	}
	return files
}

// environment is environ as the program gets it.
func (d *detour) environment(environ []string, to *target) []string {
	vars := environ
	get := func(name string) string {
		for _, v := range slices.Backward(vars) {
			if value, ok := strings.CutPrefix(v, name+"="); ok {
				return value
			}
		}
		return ""
	}
	unset := func(name string) {
		vars = slices.DeleteFunc(slices.Clone(vars), func(v string) bool { return strings.HasPrefix(v, name+"=") })
	}
	set := func(name, value string) {
		unset(name)
		vars = append(vars, name+"="+value)
	}

	java := get("JAVA_TOOL_OPTIONS")
	for _, v := range d.files.Variables() {
		set(v.Name, v.Value)
	}
	host, port, _ := net.SplitHostPort(d.proxy.String())
	set("JAVA_TOOL_OPTIONS", strings.TrimSpace(java+" "+d.files.JavaOptions()+
		" -Dhttps.proxyHost="+host+" -Dhttps.proxyPort="+port+" -Dhttp.nonProxyHosts=localhost|127.*|[::1]"))

	// gRPC in C, and in Node, look at grpc_proxy first.
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "grpc_proxy"} {
		set(name, "http://"+d.proxy.String())
	}
	set("NODE_USE_ENV_PROXY", "1")
	set("NODE_OPTIONS", strings.TrimSpace(get("NODE_OPTIONS")+" --require "+strconv.Quote(d.preloadFile())))
	for _, name := range []string{"NO_PROXY", "no_proxy", "no_grpc_proxy"} {
		if value := get(name); value != "" || name != "no_grpc_proxy" {
			set(name, exceptions(value))
		}
	}

	set("LECTERN_SERVER", to.url()) // for lectern's own commands
	// Another universe's names are not Google's.
	unset("GOOGLE_CLOUD_UNIVERSE_DOMAIN")
	if d.account != nil {
		set("GOOGLE_APPLICATION_CREDENTIALS", d.account.file)
		set("GOOGLE_CLOUD_PROJECT", d.project)
		// Nobody needs to ask whether this is one of Google's machines: Python and
		// Java, then Node.
		set("NO_GCE_CHECK", "true")
		set("METADATA_SERVER_DETECTION", "none")
	}
	return vars
}

// exceptions are those of NO_PROXY which do not keep a program from the proxy where
// it must go through it. The proxy itself heeds them all.
func exceptions(noProxy string) string {
	kept := []string{"localhost", "127.0.0.1", "::1"}
	for entry := range strings.SplitSeq(noProxy, ",") {
		entry = strings.TrimSpace(entry)
		if entry != "" && !excepts(entry) && !slices.Contains(kept, entry) {
			kept = append(kept, entry)
		}
	}
	return strings.Join(kept, ",")
}

// excepts reports whether an entry of NO_PROXY has one of the names in it that are
// answered for.
func excepts(entry string) bool {
	name, _, _ := strings.Cut(strings.TrimLeft(strings.ToLower(entry), "*."), ":")
	if _, known := proxy.Service(name); known || name == "" {
		return true
	}
	return strings.HasSuffix(".googleapis.com", "."+name)
}
