// The class that ASP.NET asks for the connection string of a session id where sessions are spread over several stores. No setting
// spreads them: partitionResolverType names a .NET type that has to be written. Source: .NET, System.Web.IPartitionResolver.

import { RESOLVER_CLASS } from "./session-settings-of.ts";

/** C#, to be put into App_Code; the hash is FNV-1a, the same in every process, as String.GetHashCode need not be. */
export function partitionResolver(connectionStrings: readonly string[]): string {
  const strings = connectionStrings.map((text) => `        @"${text.replaceAll('"', '""')}"`).join(",\n");
  return `public class ${RESOLVER_CLASS} : System.Web.IPartitionResolver
{
    static readonly string[] stores =
    {
${strings}
    };

    public void Initialize() { }

    public string ResolvePartition(object key)
    {
        uint hash = 2166136261;
        foreach (char letter in (string)key) hash = unchecked((hash ^ letter) * 16777619);
        return stores[(hash ^ (hash >> 16)) % (uint)stores.Length];
    }
}
`;
}
