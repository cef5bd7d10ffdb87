import { PRODUCT } from "../../config/product.ts";

/** For zsh with its completion system started by `compinit`; read from a folder of `fpath`, or sourced. */
export const zshScript = `#compdef ${PRODUCT}
# ${PRODUCT} completion for zsh
_${PRODUCT}() {
  local line value description
  local -a described
  while IFS= read -r line; do
    case $line in
      :files) compset -P '--*='; _files; return ;;
      :folders) compset -P '--*='; _files -/; return ;;
    esac
    value=\${line%%$'\\t'*}
    description=\${line#*$'\\t'}
    value=\${value//:/\\\\:}
    if [[ $line == *$'\\t'* ]]; then described+=("$value:$description"); else described+=("$value"); fi
  done < <(command ${PRODUCT} complete -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)
  (( $#described )) && _describe -V '${PRODUCT}' described
}
if [[ $funcstack[1] == _${PRODUCT} ]]; then _${PRODUCT} "$@"; else compdef _${PRODUCT} ${PRODUCT}; fi`;
