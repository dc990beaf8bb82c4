using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;

namespace Imputation.Data.Adapters;

/// <summary>Requirements on the type of plain objects.</summary>
internal static class ObjectProperties
{
    /// <summary>The members that trimming must leave where objects become a table and a table objects.</summary>
    public const DynamicallyAccessedMemberTypes Members =
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicConstructors;
}

/// <summary>The properties of <typeparamref name="T"/>, and how to copy and to build an instance. Made once per type.</summary>
internal static class ObjectProperties<[DynamicallyAccessedMembers(ObjectProperties.Members)] T>
{
    private static readonly Func<object, object> s_clone = typeof(object)
        .GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!.CreateDelegate<Func<object, object>>();

    private static readonly ConstructorInfo? s_constructor = FindConstructor();

    private static readonly Func<object?[], T>? s_construct = Compile(s_constructor);

    /// <summary>The public readable properties, a base class's first, then in declaration order; without indexers.</summary>
    public static IReadOnlyList<ObjectProperty<T>> All { get; } = [.. Readable().Select(p => new ObjectProperty<T>(p))];

    /// <summary>A copy, all fields alike.</summary>
    public static T Copy(T original) => typeof(T).IsValueType ? original : (T)s_clone(original!);

    /// <summary>A copy built by the constructor, with other values for some properties.</summary>
    public static T Rebuild(T original, Dictionary<string, object?> changed, int row)
    {
        string? stuck = changed.Keys.FirstOrDefault(name => !IsParameter(name));
        if (stuck is not null)
            throw new ArgumentException($"{typeof(T).Name}.{stuck} has a filled cell in row {row + 1}, but neither a public setter nor a "
                + "constructor parameter of that name. "
                + "Give it an init accessor, or exclude it from the model.");
        if (original!.GetType() != typeof(T))
            throw new ArgumentException($"Row {row + 1} is a {original.GetType().Name}; {typeof(T).Name}'s constructor cannot copy it. "
                + $"Give '{changed.Keys.First()}' an init accessor.");
        foreach (ObjectProperty<T> property in All) changed.TryAdd(property.Name, property.Get(original));
        return Build(changed);
    }

    /// <summary>A new object: constructor parameters first, then every other settable property that has a value here.</summary>
    public static T Build(Dictionary<string, object?> values)
    {
        if (s_constructor is null && !typeof(T).IsValueType)
            throw new ArgumentException($"{typeof(T).Name} has no public constructor whose parameters all match its properties by name.");
        T built = s_constructor is null ? default! : s_construct!([.. s_constructor.GetParameters()
            .Select(p => values.GetValueOrDefault(p.Name!))]);
        foreach (ObjectProperty<T> property in All)
            if (property.CanSet && !IsParameter(property.Name) && values.TryGetValue(property.Name, out object? value))
                built = property.Set(built, value);
        return built;
    }

    private static bool IsParameter(string name) => s_constructor?.GetParameters()
        .Any(p => p.Name!.Equals(name, StringComparison.OrdinalIgnoreCase)) == true;

    private static PropertyInfo[] Readable() =>
    [
        .. typeof(T).GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(p => p.GetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0)
            .GroupBy(p => p.Name).Select(same => same.MaxBy(p => Depth(p.DeclaringType))!) // the most derived, where one hides another
            .OrderBy(p => Depth(p.DeclaringType)).ThenBy(p => p.MetadataToken),
    ];

    private static int Depth(Type? type) => type is null ? 0 : 1 + Depth(type.BaseType);

    /// <summary>The public constructor with the most parameters, each of which has the name and the type of a property.</summary>
    private static ConstructorInfo? FindConstructor()
    {
        PropertyInfo[] properties = Readable();
        return typeof(T).IsAbstract ? null : typeof(T).GetConstructors()
            .Where(c => c.GetParameters().All(p => properties.Any(q => q.Name.Equals(p.Name, StringComparison.OrdinalIgnoreCase)
                && q.PropertyType == p.ParameterType)))
            .MaxBy(c => c.GetParameters().Length);
    }

    private static Func<object?[], T>? Compile(ConstructorInfo? constructor)
    {
        if (constructor is null) return null;
        ParameterExpression values = Expression.Parameter(typeof(object?[]));
        var arguments = constructor.GetParameters().Select((p, k) => Argument(Expression.ArrayIndex(values, Expression.Constant(k)),
            p.ParameterType));
        return Expression.Lambda<Func<object?[], T>>(Expression.New(constructor, arguments), values).Compile();
    }

    /// <summary>The value in the parameter's type; its default for null.</summary>
    private static ConditionalExpression Argument(Expression value, Type type) =>
        Expression.Condition(Expression.Equal(value, Expression.Constant(null)), Expression.Default(type), Expression.Convert(value, type));
}
