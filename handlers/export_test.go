package handlers

// Routes lists every route as method and path, for the access table.
func (s *Site) Routes() (list []string) {
	for _, r := range s.app.GetRoutes(true) {
		list = append(list, r.Method+" "+r.Path)
	}
	return list
}
