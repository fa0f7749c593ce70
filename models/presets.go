package models

// presets is the table of published configurations.
func presets() map[string]Config {
	return map[string]Config{}
}
