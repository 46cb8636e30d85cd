package io.hopscope.encap;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** One registered header and everything its view offers, found by reflection so that a new header needs no test code. */
final class Probe {
    final Header header;
    final View view;
    private final Method wrap;
    private final List<Method> getters = new ArrayList<>();

    private Probe(Header header) throws ReflectiveOperationException {
        this.header = header;
        Class<?> type = header.getClass().getEnclosingClass();
        this.view = (View) type.getConstructor().newInstance();
        this.wrap = type.getMethod("wrap", byte[].class, int.class);
        for (Method method : methods(type)) {
            boolean value = method.getReturnType().isPrimitive() && method.getReturnType() != void.class;
            if (value && method.getParameterCount() == 0 && !Modifier.isStatic(method.getModifiers()))
                getters.add(method);
        }
    }

    static List<Probe> all() {
        List<Probe> all = new ArrayList<>();
        for (Header header : ServiceLoader.load(Header.class)) {
            try {
                all.add(new Probe(header));
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(header.name(), e);
            }
        }
        return all;
    }

    private static List<Method> methods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(m -> Modifier.isPublic(m.getModifiers()))
                .sorted(Comparator.comparing(Method::toString))
                .toList();
    }

    void wrap(byte[] bytes, int at) {
        call(wrap, bytes, at);
    }

    /** Reads every field; what goes wrong is thrown. */
    long readAll() {
        long sum = 0;
        for (Method getter : getters) {
            Object value = call(getter);
            sum = sum * 31 + value.hashCode();
        }
        return sum;
    }

    /** Names of the fields that have a setter with one argument. */
    List<Method> setters() {
        return methods(view.getClass()).stream()
                .filter(m -> m.getReturnType() == view.getClass() && m.getParameterCount() == 1)
                .filter(m -> getters.stream().anyMatch(g -> g.getName().equals(m.getName())))
                .toList();
    }

    Object get(String name) {
        for (Method getter : getters) {
            if (getter.getName().equals(name)) return call(getter);
        }
        throw new AssertionError("no field " + name);
    }

    Object call(Method method, Object... arguments) {
        try {
            return method.invoke(view, arguments);
        } catch (InvocationTargetException e) {
            throw new AssertionError(header.name() + "." + method.getName() + " at " + view.at(), e.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String toString() {
        return header.name();
    }
}
