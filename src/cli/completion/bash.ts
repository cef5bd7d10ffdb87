import { PRODUCT } from "../../config/product.ts";

/**
 * For bash from 3.2 on. Its words are cut at `=` and `:` as well, and it puts back only what stands behind the last cut.
 * The program is looked for on the PATH alone: a file of that name in the current folder is never run by a Tab.
 */
export const bashScript = `# ${PRODUCT} completion for bash
_${PRODUCT}() {
  local word line value path i n=0 cut= quoted= prefix=
  local -a words
  COMPREPLY=()
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((n > 0)) && { [[ $word =~ ^[=:]+$ ]] || [[ -n $cut ]]; }; then
      words[n - 1]+=\${word//[\\"\\'\\\\]/}
    else
      words[n]=\${word//[\\"\\'\\\\]/}
      n=$((n + 1))
    fi
    if [[ $word =~ ^[=:]+$ ]]; then cut=yes; else cut=; fi
  done
  [[ \${COMP_WORDS[COMP_CWORD]} == [\\"\\']* ]] && quoted=yes
  word=\${words[n - 1]}
  case $COMP_WORDBREAKS in
    *[=:]*) prefix=\${word%"\${word##*[=:]}"} ;;
  esac
  while IFS= read -r line; do
    case $line in
      :files | :folders)
        compopt -o filenames 2>/dev/null
        i=-f
        [[ $line == :folders ]] && i=-d
        while IFS= read -r path; do
          COMPREPLY+=("$path")
        done < <(compgen "$i" -- "\${word#--*=}")
        ;;
      *)
        value=\${line%%$'\\t'*}
        value=\${value#"$prefix"}
        [[ -n $quoted ]] || value=\${value//\\*/\\\\*}
        COMPREPLY+=("$value")
        ;;
    esac
  done < <(command ${PRODUCT} complete -- "\${words[@]}" 2>/dev/null)
}
complete -F _${PRODUCT} ${PRODUCT}`;
