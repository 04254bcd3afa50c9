# Writes nginx-site.conf, the file of a site beside others, from nginx.conf, which takes the place of nginx's main file.
# Run by: make headers
#
# Another site may need otherwise what nginx.conf sets for all of nginx. So here each server sets it for itself, and has
# an error log of its own, which is none.

BEGIN {
    print "# Signpost beside other sites: /etc/nginx/sites-available/signpost. docs/operating.md says when. Change example.org and"
    print "# the certificate's two paths. Made from nginx.conf, which says why each line is there, by: make headers"
    own = "    error_log /dev/null emerg;\n"
}
/^http \{$/ { inside = 1; next }
/^\}$/ { inside = 0 }
!inside || /^ *#/ || /^$/ { next }
/^    (include|default_type) / { next }  # the main file has them
/^    [a-z_]+ .*;$/ && !/^    limit_conn_zone / { own = own $0 "\n"; next }
/^    [a-z]+ .*\{$/ || /^    limit_conn_zone / { print "" }
{ print substr($0, 5) }
/^        server_name / { printf "%s", own }
