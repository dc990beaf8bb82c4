using System.Reflection;
using System.Reflection.Emit;

namespace Imputation.Tests.Architecture;

/// <summary>What the types of an assembly mention: in their shape, their signatures, and the bodies of their methods.</summary>
internal static class AssemblyReader
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> s_opCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>All types that a type mentions, itself included.</summary>
    public static IReadOnlySet<Type> TypesMentionedBy(Type type)
    {
        var found = new HashSet<Type>();
        void Add(Type? mentioned)
        {
            if (mentioned is null || !found.Add(mentioned)) return;
            if (mentioned.HasElementType) Add(mentioned.GetElementType());
            if (mentioned.IsGenericType && !mentioned.IsGenericTypeDefinition)
            {
                Add(mentioned.GetGenericTypeDefinition());
                foreach (Type argument in mentioned.GetGenericArguments()) Add(argument);
            }
            if (mentioned.IsGenericParameter)
                foreach (Type constraint in mentioned.GetGenericParameterConstraints()) Add(constraint);
        }

        Add(type.BaseType);
        foreach (Type contract in type.GetInterfaces()) Add(contract);
        foreach (Type parameter in type.GetGenericArguments()) Add(parameter);
        foreach (CustomAttributeData attribute in type.GetCustomAttributesData()) Add(attribute.AttributeType);
        foreach (FieldInfo field in type.GetFields(Everything)) Add(field.FieldType);
        foreach (MethodBase method in Methods(type))
        {
            if (method is MethodInfo { ReturnType: var result }) Add(result);
            if (method.IsGenericMethodDefinition)
                foreach (Type parameter in method.GetGenericArguments()) Add(parameter);
            foreach (ParameterInfo parameter in method.GetParameters()) Add(parameter.ParameterType);
            foreach (LocalVariableInfo local in method.GetMethodBody()?.LocalVariables ?? []) Add(local.LocalType);
            foreach (MemberInfo member in MembersUsedIn(method))
            {
                Add(member as Type ?? member.DeclaringType);
                if (member is MethodInfo { IsGenericMethod: true } generic)
                    foreach (Type argument in generic.GetGenericArguments()) Add(argument);
            }
        }
        return found;
    }

    public static IEnumerable<MethodBase> Methods(Type type) =>
        type.GetMethods(Everything).Concat<MethodBase>(type.GetConstructors(Everything));

    /// <summary>The types, fields and methods that a method's instructions name.</summary>
    public static IEnumerable<MemberInfo> MembersUsedIn(MethodBase method)
    {
        byte[]? code = method.GetMethodBody()?.GetILAsByteArray();
        if (code is null) yield break;
        Type[] typeArguments = method.DeclaringType is { IsGenericType: true } owner ? owner.GetGenericArguments() : [];
        Type[] methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (int at = 0; at < code.Length;)
        {
            short value = code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at];
            OpCode instruction = s_opCodes[value];
            at += instruction.Size;
            switch (instruction.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    if (method.Module.ResolveMember(BitConverter.ToInt32(code, at), typeArguments, methodArguments) is { } member)
                        yield return member;
                    at += 4;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 + 4 * BitConverter.ToInt32(code, at);
                    break;
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    at += 1;
                    break;
                case OperandType.InlineVar:
                    at += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    at += 8;
                    break;
                default:
                    at += 4;
                    break;
            }
        }
    }
}
