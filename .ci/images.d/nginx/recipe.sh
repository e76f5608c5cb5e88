# shellcheck shell=bash disable=SC2154  # $recipes is .ci/images' own
# Stand-in for nginx:*-alpine, from Debian's nginx.
#
# Like it: /etc/nginx/nginx.conf includes /etc/nginx/conf.d/*.conf, pages lie in /usr/share/nginx/html, the logs are
# the container's output, scripts of /docker-entrypoint.d run before the start, workers are the user nginx (101:101),
# SIGQUIT stops it gracefully, and there are sh and wget.
# Unlike it: the version is Debian's 1.22 whatever the tag says; glibc and busybox instead of Alpine; no templates
#   (envsubst), no dynamic modules, no curl, no package manager.

nginx_packages() {
    echo nginx busybox-static util-linux
}

nginx_fill() {
    local work=$1 root=$1/root own=$recipes/nginx
    base_system "$work" nginx 101 101 /var/cache/nginx
    install -m 0755 "$own/docker-entrypoint.sh" "$root/"
    copy_program "$work" /usr/sbin/nginx
    copy_file "$work" /etc/nginx/{mime.types,fastcgi_params,scgi_params,uwsgi_params}
    cp "$own/nginx.conf" "$root/etc/nginx/nginx.conf"
    mkdir -p "$root"/{docker-entrypoint.d,etc/nginx/conf.d,usr/share/nginx/html,var/{cache,lib,log}/nginx}
    cp "$own/default.conf" "$root/etc/nginx/conf.d/default.conf"
    cp "$work/packages/usr/share/nginx/html/index.html" "$root/usr/share/nginx/html/index.html"
    ln -s /dev/stdout "$root/var/log/nginx/access.log"
    ln -s /dev/stderr "$root/var/log/nginx/error.log"
}

nginx_settings() {
    printf '%s\n' \
        'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
        'EXPOSE 80' \
        'STOPSIGNAL SIGQUIT' \
        'ENTRYPOINT ["/docker-entrypoint.sh"]' \
        'CMD ["nginx", "-g", "daemon off;"]'
}
