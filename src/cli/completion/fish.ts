import { PRODUCT } from "../../config/product.ts";

/** For fish from 3 on. */
export const fishScript = `# ${PRODUCT} completion for fish
function __complete_${PRODUCT}
    set -l words (commandline -opc)
    set -e words[1]
    set -l current (string replace -r '^[\\'"]' '' -- (commandline -ct))
    for line in (command ${PRODUCT} complete -- $words "$current" 2>/dev/null)
        set -l prefix (string match -r '^--[^=]*=' -- "$current")
        set -l path (string replace -r '^--[^=]*=' '' -- "$current")
        switch $line
            case ':files'
                for found in (__fish_complete_path "$path")
                    echo "$prefix$found"
                end
            case ':folders'
                for found in (__fish_complete_directories "$path")
                    echo "$prefix$found"
                end
            case '*'
                echo $line
        end
    end
end
complete -c ${PRODUCT} -f -k -a '(__complete_${PRODUCT})'`;
