import { PRODUCT } from "../../config/product.ts";

/** For Windows PowerShell 5.1 and PowerShell 7. */
export const powershellScript = `# ${PRODUCT} completion for PowerShell
Register-ArgumentCompleter -Native -CommandName ${PRODUCT} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
    ForEach-Object { $_.Extent.Text.Trim("'", '"') })
  $current = $wordToComplete.Trim("'", '"')
  if ($current -eq '') { $current = '""' }
  $program = Get-Command ${PRODUCT} -CommandType Application -ErrorAction SilentlyContinue |
    Select-Object -First 1
  if ($null -eq $program) { return }
  & $program complete -- @words $current 2>$null | ForEach-Object {
    $value, $description = $_ -split "\`t", 2
    # Without a result PowerShell offers paths by itself.
    if ($value -in ':files', ':folders') { return }
    $text = if ($value -match '[,*]') { "'$value'" } else { $value }
    if (-not $description) { $description = $value }
    [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $description)
  }
}`;
