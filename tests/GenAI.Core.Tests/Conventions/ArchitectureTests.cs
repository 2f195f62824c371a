using System.Reflection;
using System.Runtime.CompilerServices;

namespace GenAI.Core.Tests.Conventions;

/// <summary>Who may call whom (docs/architecture.md), enforced over the namespaces of every type that a type's signature, fields and method bodies name.</summary>
public class ArchitectureTests
{
    // Bottom to top. A folder sees itself, the values in the root, and the folders on lower floors.
    private static readonly string[][] Floors =
    [
        ["Text", "Storage"],
        ["Tokenization"],
        ["Chunking"],
        ["Indexing"],
        ["Embeddings"],
        ["VectorStores", "Training"],
        ["Retrieval", "Ingestion", "Verification"],
        ["Guardrails", "Answering"],
        ["PersonalData", "Leaks", "Injection"],
        ["Policies"],
    ];

    // The values that every user touches. The other types of the root (the knowledge base) see everything but dependency injection.
    private static readonly HashSet<Type> Values =
    [
        typeof(Document), typeof(Chunk), typeof(TextRange), typeof(RetrievedChunk), typeof(ArmMatch), typeof(Citation), typeof(Answer),
        typeof(AnswerStatus), typeof(AnswerUpdate), typeof(ChunkRecord), typeof(RetrievalMode),
        typeof(Claim), typeof(ClaimVerdict), typeof(ClaimCheck), typeof(ClaimAction), typeof(ClaimEvidence), typeof(ClaimFailure),
    ];

    [Fact]
    public void Every_folder_calls_only_what_stands_below_it()
    {
        var violations = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in typeof(KnowledgeBase).Assembly.GetTypes())
        {
            if (type.GetCustomAttribute<CompilerGeneratedAttribute>() is not null && type.DeclaringType is null)
                continue;
            foreach (var used in Uses(type))
            {
                if (!MayUse(type, used))
                    violations.Add($"{Outermost(type).FullName} uses {Outermost(used).FullName}");
            }
        }

        violations.Should().BeEmpty();
    }

    [Fact]
    public void Every_namespace_is_a_floor_of_the_house()
    {
        var known = Floors.SelectMany(floor => floor).Concat(["Diagnostics", "Resilience"]).Select(folder => $"GenAI.Core.{folder}")
            .Concat(["GenAI.Core", "Microsoft.Extensions.DependencyInjection"]);

        var namespaces = typeof(KnowledgeBase).Assembly.GetTypes().Select(type => type.Namespace).OfType<string>()
            .Where(name => name.StartsWith("GenAI.", StringComparison.Ordinal)).Distinct();

        namespaces.Should().BeSubsetOf(known);
    }

    private static bool MayUse(Type type, Type used)
    {
        var (from, to) = (Folder(type), Folder(used));
        if (from == to || to == "Diagnostics" || Values.Contains(Outermost(used)) || from is "DependencyInjection")
            return true;
        if (to == "DependencyInjection")
            return false;
        if (from == "")
            return !Values.Contains(Outermost(type)) || to == "";
        // Options of a search and a question are values too, although they name parts of higher floors.
        if (to == "")
            return Outermost(used) == typeof(SearchOptions) || Outermost(used) == typeof(AskOptions);
        return Floor(to) < Floor(from);
    }

    private static int Floor(string folder) => Array.FindIndex(Floors, floor => floor.Contains(folder));

    private static string Folder(Type type) => Outermost(type).Namespace switch
    {
        "GenAI.Core" => "",
        { } name when name.StartsWith("GenAI.Core.", StringComparison.Ordinal) => name["GenAI.Core.".Length..],
        _ => "DependencyInjection",
    };

    private static Type Outermost(Type type)
    {
        while (type.DeclaringType is not null)
            type = type.DeclaringType;
        return type;
    }

    private static IEnumerable<Type> Uses(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var named = new List<Type?> { type.BaseType };
        named.AddRange(type.GetInterfaces());
        named.AddRange(type.GetFields(All).Select(field => field.FieldType));
        foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
        {
            named.AddRange(method.GetParameters().Select(parameter => parameter.ParameterType));
            named.Add((method as MethodInfo)?.ReturnType);
            named.AddRange(BodyUses(method));
        }

        return named.OfType<Type>().SelectMany(Parts).Where(used => used.Assembly == type.Assembly && !used.IsGenericParameter && !(used.Namespace is null && used.DeclaringType is null)).Distinct();
    }

    // The types of locals and of called members, found by resolving every metadata token in the method's code.
    private static IEnumerable<Type?> BodyUses(MethodBase method)
    {
        var body = method.GetMethodBody();
        if (body is null)
            yield break;
        foreach (var local in body.LocalVariables)
            yield return local.LocalType;

        var code = body.GetILAsByteArray() ?? [];
        for (var i = 0; i + 4 < code.Length; i++)
        {
            // call, callvirt, newobj, ldfld ... ldtoken: one byte and a four-byte token. Other bytes can look alike, but a token that
            // resolves to a member of this assembly by accident has not been seen.
            if (code[i] is not (0x28 or 0x6F or 0x73 or 0x7B or 0x7D or 0x7E or 0x80 or 0xD0))
                continue;
            MemberInfo? member = null;
            try
            {
                member = method.Module.ResolveMember(
                    BitConverter.ToInt32(code, i + 1),
                    method.DeclaringType?.GetGenericArguments(),
                    method.IsGenericMethod ? method.GetGenericArguments() : null);
            }
            catch (Exception exception) when (exception is ArgumentException or BadImageFormatException or MissingMemberException or TypeLoadException)
            {
                // Not a token.
            }

            yield return member as Type ?? member?.DeclaringType;
        }
    }

    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
            return Parts(type.GetElementType()!);
        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()) : [type];
    }
}
